"""The APIs that the simulator serves, one package each, found by being here; each has the class of one as `VENDOR`."""
