import { useEffect, useState } from "react";
import type { GatewayStatus } from "./gatewayStatus";

const KEPT_RATES = 60;

export type Seen =
  | { state: "loading" }
  | { state: "locked" }
  | { state: "lost"; status: GatewayStatus | null; rates: number[] }
  | { state: "live"; status: GatewayStatus; rates: number[] };

/** The gateway's state whenever it changes, with the rates of the last minute, bytes/s. */
export function useStatus(attempt: number): Seen {
  const [seen, setSeen] = useState<Seen>({ state: "loading" });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt begins anew, after the PIN
  useEffect(() => {
    const stream = new EventSource("/status/stream");
    stream.onmessage = ({ data }) => {
      const status = JSON.parse(data) as GatewayStatus;
      setSeen((last) => ({
        state: "live",
        status,
        rates: [...("rates" in last ? last.rates : []), status.rate_bytes_per_s].slice(-KEPT_RATES),
      }));
    };
    stream.onerror = async () => {
      const answer = await fetch("/status").catch(() => null);
      if (answer?.status === 401) {
        stream.close();
        setSeen({ state: "locked" });
      } else
        setSeen((last) =>
          "rates" in last ? { ...last, state: "lost" } : { state: "lost", status: null, rates: [] },
        );
    };
    return () => stream.close();
  }, [attempt]);
  return seen;
}
