"""The numeric cases of marketing, anomalies, experiments, attribution and governance: inputs to formulas and back."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

from opstui.exports import masking
from opstui.metrics import (
    anomalies,
    attribution,
    customers,
    experiments,
    governance,
    marketing,
    planning,
    scoring,
)
from opstui.metrics import (
    funnel as funnels,
)

Inputs = dict[str, Any]
PARTIAL = {"ab_two_proportion", "churn", "robust_z"}
"""Cases of these may name some of the figures only."""


def arms(inputs: Inputs) -> tuple[experiments.Arm, experiments.Arm]:
    return experiments.Arm(**inputs["a"]), experiments.Arm(**inputs["b"])


def ab_two_proportion(inputs: Inputs) -> Any:
    found = experiments.two_proportions(*arms(inputs), inputs.get("alpha", 0.05))
    return found and {
        "p_a": found.p_a,
        "p_b": found.p_b,
        "diff": found.diff,
        "rel_lift": found.lift,
        "z": found.z,
        "p_value": found.p_value,
        "ci95_wald": list(found.wald),
        "ci95_newcombe": list(found.newcombe),
        "significant": found.significant,
    }


def ab_small_sample(inputs: Inputs) -> Any:
    return {"p_value": experiments.fisher(*arms(inputs))}


def ab_sample_size(inputs: Inputs) -> Any:
    plan = inputs["baseline"], inputs["target"], inputs["alpha"], inputs["power"]
    exact = planning.sample_size(*plan, sides=2 if inputs["two_sided"] else 1)
    assert exact is not None
    arcsine = planning.arcsine_size(*plan)
    return {"n_per_arm": ceil(exact), "n_exact": exact, "n_per_arm_arcsine_statsmodels": arcsine}


def ab_power(inputs: Inputs) -> Any:
    return {"power": planning.power(**inputs)}


def ab_duration_days(inputs: Inputs) -> Any:
    found = planning.duration(inputs["n_per_arm"], inputs["arms"], inputs["eligible_per_day"], inputs["share_in_test"])
    return found and {"raw_days": found.raw_days, "planned_days": found.planned_days}


def ab_srm(inputs: Inputs) -> Any:
    found = experiments.srm(inputs["observed"], inputs["planned_ratio"], inputs["threshold"])
    return found and {"chi2": found.chi2, "p_value": found.p_value, "srm": found.fault}


def ab_multi_variant(inputs: Inputs) -> Any:
    adjusted = experiments.holm(inputs["p_values"])
    return {"holm_adjusted": adjusted, "reject": [p < inputs["alpha"] for p in adjusted]}


def ab_peeking_false_positive(inputs: Inputs) -> Any:
    rate = {str(looks): planning.peeking(looks, inputs["alpha_each_look"]) for looks in inputs["looks"]}
    return {"rate": rate, "pocock_5_looks_p0.0158": planning.peeking(5, planning.POCOCK_5)}


def anomaly_threshold_for_n(inputs: Inputs) -> Any:
    return [anomalies.threshold(n) for n in inputs["n"]]


def robust_z(inputs: Inputs) -> Any:
    found = anomalies.robust_z(inputs["baseline"], inputs["value"])
    assert found is not None
    every = {name: getattr(found, name) for name in ("median", "mad", "scale", "z", "fallback")}
    return every | {"anomaly": found.beyond(inputs["threshold"])}


def ewma_chart(inputs: Inputs) -> Any:
    steps = anomalies.ewma(inputs["values"], inputs["mu0"], inputs["sigma"], inputs["lambda"], inputs["L"])
    return [{"z": s.z, "lcl": s.lcl, "ucl": s.ucl, "out": s.out} for s in steps]


def rate_drop_test(inputs: Inputs) -> Any:
    found = anomalies.rate_test(inputs["clicks_today"], inputs["impressions_today"], inputs["baseline_ctr"])
    return found and {"ctr": found.rate, "p_two_sided": found.p}


def attribution_of(model: str) -> Callable[[Inputs], Any]:
    def credit(inputs: Inputs) -> Any:
        paths = [
            attribution.Path(
                tuple(attribution.Touch(t["channel"], t["days_before_conversion"]) for t in path["touches"]),
                path["value"],
            )
            for path in inputs["paths"]
        ]
        found = attribution.attribute(paths, model)
        total = sum(path.value for path in paths)
        assert sum(attribution.to_the_unit(found, round(total)).values()) == total
        return found

    return credit


def attribution_markov(inputs: Inputs) -> Any:
    found = attribution.markov(
        attribution.Path(tuple(map(attribution.Touch, path["path"])), converted=path["converted"])
        for path in inputs["paths"]
    )
    return found and {
        "base_conversion_probability": found.base,
        "removal_effect": found.removal,
        "share": found.shares,
        "attributed_conversions": found.credited,
    }


def churn(inputs: Inputs) -> Any:
    base = inputs["customers_start"], inputs["lost_from_start_cohort"]
    found = customers.churn(*base, inputs.get("new", 0), inputs.get("new_lost_in_period", 0))
    return {
        "churn": found.churn,
        "retention": found.retention,
        "customers_end": found.customers_end,
        "annualised_from_monthly": found.annualised,
    }


def cohort_retention(inputs: Inputs) -> Any:
    found = customers.cohort_retention(
        {name: customers.Cohort(c["size"], tuple(c["active"])) for name, c in inputs["cohorts"].items()}
    )
    return {"by_cohort": found.by_cohort, "pooled": found.pooled}


def ltv(inputs: Inputs) -> Any:
    margin, stay = inputs["margin_per_period"], inputs["retention_per_period"]
    discount = inputs["discount_per_period"]
    return {
        "ltv_horizon": customers.ltv(margin, stay, discount, inputs["horizon_periods"]),
        "ltv_infinite": customers.ltv_forever(margin, stay, discount),
        "ltv_infinite_undiscounted": customers.ltv_forever(margin, stay),
    }


def roi_by_horizon(inputs: Inputs) -> Any:
    worth = customers.Worth(
        customers=inputs["new_customers"],
        margin=inputs["margin_per_period"],
        retention=inputs["retention_per_period"],
        discount=inputs["discount_per_period"],
    )
    cost = inputs["cost"]
    return {
        "roi": customers.roi_by_horizon(worth, cost, inputs["horizons"]),
        "payback_period": customers.payback(worth, cost),
    }


def funnel(inputs: Inputs) -> Any:
    found = funnels.funnel([(name, people) for name, people in inputs["stages"]])
    return {
        "steps": [{"from": s.start, "to": s.end, "rate": s.rate, "lost": s.lost} for s in found.steps],
        "overall": found.overall,
        "largest_rate_drop": found.worst_rate,
        "largest_absolute_loss": found.most_lost,
    }


def share_of_voice(inputs: Inputs) -> Any:
    return {"us": marketing.share_of_voice(inputs["mentions"], "us")}


def rice(inputs: Inputs) -> Any:
    names = "reach", "impact", "confidence", "effort"
    return {item["id"]: scoring.rice(*(item[name] for name in names)) for item in inputs["items"]}


def key_person_share(inputs: Inputs) -> Any:
    found = governance.key_person(inputs["finished_by"])
    return found and {"top": found.top, "share": found.share, "at_risk": found.at_risk}


def vendor_concentration(inputs: Inputs) -> Any:
    found = governance.concentration(inputs["spend_share"])
    return found and {"hhi": found.hhi, "top": found.top, "at_risk": found.at_risk}


def martech_tco(inputs: Inputs) -> Any:
    tool = governance.Tool(
        licence_per_month=inputs["licence_per_month"],
        once=inputs["integration_once"] + inputs["training_once"],
        admin_hours_per_month=inputs["admin_hours_per_month"],
        hour_cost=inputs["hour_cost"],
    )
    return {"tco": tool.cost(inputs["months"]), "per_month": tool.per_month(inputs["months"])}


def pii_mask(inputs: Inputs) -> Any:
    return {
        "name": [masking.mask_name(name) for name in inputs["name"]],
        "phone": [masking.mask_phone(number) for number in inputs["phone"]],
        "email": [masking.mask_email(address) for address in inputs["email"]],
        "address": [masking.mask_address(place["street"], place["city"]) for place in inputs["address"]],
        "national_id": [masking.mask_id(number) for number in inputs["national_id"]],
        "free_text": [masking.mask_text(text) for text in inputs["free_text"]],
    }


def raci_validate(inputs: Inputs) -> Any:
    return {deed: list(governance.raci(roles)) for deed, roles in inputs["rows"].items()}


FORMULAS: dict[str, Callable[[Inputs], Any]] = {
    form.__name__: form
    for form in (
        ab_two_proportion, ab_small_sample, ab_sample_size, ab_power, ab_duration_days, ab_srm, ab_multi_variant,
        ab_peeking_false_positive, anomaly_threshold_for_n, robust_z, ewma_chart, rate_drop_test, attribution_markov,
        churn, cohort_retention, ltv, roi_by_horizon, funnel, share_of_voice, rice, key_person_share,
        vendor_concentration, martech_tco, pii_mask, raci_validate,
    )
} | {
    f"attribution_{name}": attribution_of(model)
    for name, model in (
        ("first", "first"), ("last", "last"), ("linear", "linear"), ("time_decay_7d", "time_decay"),
        ("position_40_20_40", "position"),
    )
}  # fmt: skip
