"""The doctor: looks at a workspace's data without trusting the code that wrote it, also where `open_store` refuses.

It takes the lock only to mend; others go on writing meanwhile.
"""

from opstui.store.doctor.examine import Report, examine, read, verify
from opstui.store.doctor.finding import Finding
from opstui.store.doctor.rebuild import rebuild

__all__ = ["Finding", "Report", "examine", "read", "rebuild", "verify"]
