"""The APIs that the simulator serves, one package each, found by being here; each has a `VENDOR`."""
