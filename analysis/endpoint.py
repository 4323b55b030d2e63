"""From follow-up to the binary outcome at the horizon; censored before it is unknown, never negative."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.study import Endpoint

EVENT_TYPES = ("recurrence", "death", "censored")


def label_at_horizon(time: pd.Series, event_type: pd.Series, horizon: float, event: str = "recurrence") -> pd.Series:
    """1 if `event` came at time <= horizon, 0 if the patient was event-free and assessed at or after it, else NaN.

    time: months since resection. event_type: recurrence, death or censored. A death or a last assessment
    before the horizon leaves the label unknown. Missing time or type: NaN.
    """
    had_event = (event_type == event) & (time <= horizon)
    event_free = (time > horizon) | ((time == horizon) & (event_type != event))
    label = pd.Series(np.nan, index=time.index, name="label")
    label[event_free & event_type.notna()] = 0.0
    label[had_event] = 1.0
    return label


def outcome_of(table: pd.DataFrame, endpoint: Endpoint) -> pd.DataFrame:
    """Outcome columns label, time_months, event_type, on the index of `table`.

    Raises ValueError that names the column, and the patients whose value is impossible.
    """
    wanted = [endpoint.label] if endpoint.label else [endpoint.time, endpoint.event_type]
    absent = [name for name in wanted if name not in table]
    if absent:
        raise ValueError(f"endpoint: column(s) {', '.join(absent)} are not in the clinical table; it has {', '.join(table.columns)}")
    if endpoint.label:
        label = pd.to_numeric(table[endpoint.label], errors="coerce")
        wrong = table.index[table[endpoint.label].notna() & ~label.isin([0, 1])]
        if len(wrong):
            raise ValueError(f"endpoint: column '{endpoint.label}' must hold 0, 1 or nothing; patients {', '.join(map(str, wrong[:5]))} differ")
        label = (label == endpoint.event_value).astype(float).where(label.notna())
        return pd.DataFrame({"label": label, "time_months": np.nan, "event_type": pd.NA}, index=table.index)
    time = pd.to_numeric(table[endpoint.time], errors="coerce")
    event_type = table[endpoint.event_type].astype("string")
    wrong_time = table.index[table[endpoint.time].notna() & ~(time >= 0)]
    wrong_type = table.index[event_type.notna() & ~event_type.isin(EVENT_TYPES)]
    if len(wrong_time) or len(wrong_type):
        raise ValueError(
            f"endpoint: '{endpoint.time}' must be months >= 0 (wrong in: {', '.join(map(str, wrong_time[:5])) or 'none'}); "
            f"'{endpoint.event_type}' one of {', '.join(EVENT_TYPES)} (wrong in: {', '.join(map(str, wrong_type[:5])) or 'none'})"
        )
    label = label_at_horizon(time, event_type, float(endpoint.horizon_months or 0), endpoint.event)
    return pd.DataFrame({"label": label, "time_months": time, "event_type": event_type}, index=table.index)
