import { openPlanning } from "@app/features/planning/opening";
import { begin, beginAndRead } from "@app/hub/begun";
import type { Case } from "@teleneedle/protocol";
import "./main.css";

/* The first script of a page: small, so that the hub is asked while the app is still being read. */

void import("./main");
const [, id, place] = /^\/cases\/([\w-]+)(?:\/([\w-]+))?/.exec(location.pathname) ?? [];
void begin("/api/session");
if (id) {
  const shown = beginAndRead<Case>(`/api/cases/${id}`);
  if (place === "planning") {
    void import("@app/features/planning");
    openPlanning(id, shown);
  }
}
