"""Whether a portal is still read as it was: runs are measured and compared with earlier ones.

`Tally` counts during a run, `Measures` is what is kept of it, `judge` names what is wrong. Pure
functions: where the numbers come from, and who is told, is no business of theirs.
"""

from newsspider.health.checks import NAMES, Alarm, judge
from newsspider.health.measures import Measures, Run, Tally

__all__ = ["NAMES", "Alarm", "Measures", "Run", "Tally", "judge"]
