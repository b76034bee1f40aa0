/** What the gateway says of itself: `/status` and `/status/stream`. */
export interface GatewayStatus {
  at: string;
  gateway: {
    name: string;
    hub: string;
    aet: string;
    dicom_port: number;
    is_deidentifying: boolean;
    certificate_ends_at: string | null;
    certificate_days: number | null;
    software: string;
  };
  way: {
    state: "starting" | "connecting" | "connected" | "away" | "refused";
    since: string;
    why_zh: string | null;
    why_en: string | null;
    clock_difference_s: number | null;
  };
  rate_bytes_per_s: number;
  bytes_waiting: number;
  remaining_s: number | null;
  series: WaitingSeries[];
  sent: SentSeries[];
  spool: { instances: number; used_bytes: number; quota_bytes: number; free_bytes: number };
  quarantined: SeriesFace[];
  problems: { zh: string; en: string; is_serious: boolean }[];
}

export interface SeriesFace {
  patient?: string;
  patient_id?: string;
  description?: string;
  modality?: string;
  phase?: "pre" | "intra" | "post" | "";
  sender?: string;
  received_at?: string;
}

export interface WaitingSeries extends SeriesFace {
  key: string;
  images: number;
  receipted: number;
  quarantined: number;
  fraction: number;
  is_closed: boolean;
  is_urgent: boolean;
  stuck_zh: string;
  stuck_en: string;
}

export interface SentSeries extends SeriesFace {
  key: string;
  images: number;
  at: string;
}
