"""`make bench`: all speed figures of the project, one after the other."""

from benchmarks import engine, http

print("The engine")
engine.main()
print("\nThe service")
http.main()
