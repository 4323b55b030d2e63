"""Clinical utility: declarations of results."""

from __future__ import annotations

from analysis.results.keys.parts import at_threshold, of_evaluation, of_pair_in
from analysis.results.keys.quantity import declare

# In the place of a model: everybody is treated.
TREAT_ALL = "treat_all"

net_benefit = declare(
    at_threshold,
    "net_benefit.{model}.{evaluation}.{percent}",
    meaning="Net benefit at a threshold probability in percent",
    unit="net benefit",
    method="bootstrap",
)
standardized_net_benefit = declare(
    at_threshold,
    "standardized_net_benefit.{model}.{evaluation}.{percent}",
    "Net benefit over prevalence",
    "net benefit",
)
net_benefit_target = declare(
    at_threshold,
    "net_benefit_target.{model}.{evaluation}.{percent}",
    meaning="Net benefit at the target prevalence",
    unit="net benefit",
    method="hybrid score interval",
)
interventions_avoided = declare(
    at_threshold,
    "interventions_avoided.{model}.{evaluation}.{percent}",
    "Interventions avoided against treating all",
    "per 100 patients",
)
net_benefit_gain = declare(
    of_evaluation,
    "net_benefit_gain.{model}.{evaluation}",
    meaning="Smallest gain over the better of treating all and none",
    unit="net benefit difference",
    method="exact limits",
)
net_benefit_competing = declare(
    at_threshold,
    "net_benefit_competing.{model}.{evaluation}.{percent}",
    meaning="Net benefit with death as a competing event",
    unit="net benefit",
    method="Aalen-Johansen",
)
net_benefit_horizon = declare(
    at_threshold,
    "net_benefit_horizon.{model}.{evaluation}.{percent}",
    meaning="Net benefit at the horizon, weighted for censoring",
    unit="net benefit",
    method="inverse probability of censoring",
)
net_benefit_difference = declare(
    of_pair_in,
    "net_benefit_difference.{model}_vs_{other}.{evaluation}",
    meaning="Difference in net benefit between two models",
    unit="net benefit difference",
    method="bootstrap",
    name="net_benefit_difference",
    rests_on="best",
)
