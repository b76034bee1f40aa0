import type { Bilingual } from "./words";

/** `held`: whose it is must be confirmed; `quarantined`: parts contradict what came before; `complete`: every bit is there. */
export type ArrivalState = "arriving" | "incomplete" | "held" | "quarantined" | "complete";

export interface Identity {
  id: string;
  name: string;
  birth_date: string;
}

/** Bytes of one layer that are on the hub's disk, of those that were announced. */
export interface LayerAmount {
  have: number;
  of: number;
}

/** Layers as they are sent: 1 an eighth of the size, 2 a quarter, 3 the rest; 4 what has no layers. */
export type LayerName = "1" | "2" | "3" | "4";

/** A case that the images may belong to. */
export interface ArrivalCandidate {
  case_id: string;
  patient: Identity;
  indication: string;
}

/** An organ out of coarse pictures. Nobody has looked at it; it is drawn and never planned on. */
export interface EarlyStructure {
  kind: string;
  label: Bilingual;
  colour: string;
  volume_ml: number;
  gate: "green" | "amber" | "red";
}

/** Organs that are found while a series still arrives, one after the other. */
export interface EarlyStructures {
  state: "computing" | "done" | "failed";
  /** Of the masks: rows and columns are a quarter of the series', slices may be left out. */
  grid: { shape: [number, number, number]; affine: number[] } | null;
  structures: EarlyStructure[];
}

/** A series on its way from a hospital's gateway, or one that came and is not in a case yet. */
export interface Arrival {
  id: string;
  state: ArrivalState;
  case_id: string | null;
  series_id: string | null;
  site: { id: string; name: string };
  gateway: { id: string; name: string };
  modality: string;
  description: string;
  study_date: string;
  patient: Identity;
  held_because: Bilingual[];
  candidates: ArrivalCandidate[];
  instances: { expected: number | null; known: number; verified: number; quarantined: number };
  layers: Partial<Record<LayerName, LayerAmount>>;
  /** None before every slice is here coarsely, and again once the series is in its case. */
  early?: EarlyStructures | null;
  missing: Bilingual[];
  bytes_per_s: number | null;
  started_at: string;
  changed_at: string;
  is_urgent: boolean;
}

/** Where the slices that are known so far lie; it grows while more of them are announced. */
export interface ArrivalGeometry {
  shape: [number, number, number];
  affine: number[];
  window: { centre: number; width: number } | null;
  /** The instance of each slice: slices move while more of them are announced, numbers stay. */
  numbers: number[];
}

export interface ArrivalDetail extends Arrival {
  geometry: ArrivalGeometry | null;
}
