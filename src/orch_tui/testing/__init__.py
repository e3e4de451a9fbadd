"""What tests of runs and providers need: scripted model servers, the conformance suite, playbooks."""
