import type { Bilingual } from "@teleneedle/protocol";

/** What the maker of a template says of it (`print/report.json`, docs/reference/planning-data.md). */
export interface TemplateReport {
  watertight: boolean;
  /** Why there is none. */
  reason?: string;
  volume_ml?: number;
  bounding_box_mm?: [number, number, number];
  bores?: {
    needle: string;
    number?: number;
    diameter_mm: number;
    position_error_mm?: number;
    angle_error_deg?: number;
    play_at_tip_mm?: number;
  }[];
  printers?: { name: string; bed_mm: [number, number, number]; fits: boolean }[];
  problems?: Bilingual[];
}
