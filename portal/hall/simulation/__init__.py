"""A hall's days played through with the portal's own guarantee and its own waiting times, beside what others do.

What is told here is what `portal simulate hall` prints; the same seed gives the same days to every policy.
"""

from portal.hall.simulation.plan import BadPlan, Plan, Policy
from portal.hall.simulation.run import Outcome, simulate

__all__ = ["BadPlan", "Outcome", "Plan", "Policy", "simulate"]
