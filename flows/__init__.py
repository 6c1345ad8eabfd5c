"""What runs by itself, as Prefect flows. They hold the order of things and no logic: that is in mozg."""

from mozg.settings import be_quiet

be_quiet()  # before anything imports Prefect, which reads its switches on import
