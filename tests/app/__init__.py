"""Tests of the service: requests in, responses out, without a network but where a test says otherwise."""
