"""Each thing that the platform may do otherwise is done so by chaos, or left out for a reason."""

from tests.faults.nuisances import AS_USUAL, OTHERWISE


def test_no_switch_of_the_sandbox_is_forgotten_and_each_is_otherwise_than_usual(sandbox):
    usual = sandbox.get("/_switches")["switches"]

    assert usual.keys() == OTHERWISE.keys() | AS_USUAL
    assert not OTHERWISE.keys() & AS_USUAL
    for name, answers in OTHERWISE.items():
        for answer in answers:
            sandbox.post("/_switches", {name: answer}).raise_for_status()
            assert sandbox.get("/_switches")["switches"][name] != usual[name], name
