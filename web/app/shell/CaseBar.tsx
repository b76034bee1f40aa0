import type { CaseStream } from "@app/hub/caseStream";
import { useSession } from "@app/hub/useSession";
import type { Case } from "@teleneedle/protocol";
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";
import { PatientLine } from "./PatientLine";
import { linkLook } from "./TopBar";

/** The patient, so that nobody acts on the wrong one; then where one can go, and who else is here. */
export function CaseBar({ case: shown, stream }: { case: Case; stream: CaseStream }) {
  const { t } = useTranslation(["shell", "cases"]);
  const base = `/cases/${shown.id}`;
  return (
    <section
      aria-label={t("patient")}
      className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line bg-panel px-4 py-0.5"
    >
      <PatientLine patient={shown.patient} />
      <span className="rounded-full border border-line px-2.5 text-label leading-5 text-quiet">
        {t(`cases:modality.${shown.modality}`)} · {t(`cases:state.${shown.state}`)}
      </span>
      <nav aria-label={t("patient")} className="flex gap-1">
        <NavLink to={base} end className={linkLook}>
          {t("nav.overview")}
        </NavLink>
        <NavLink to={`${base}/planning`} className={linkLook}>
          {t("nav.planning")}
        </NavLink>
        <NavLink to={`${base}/mdt`} className={linkLook}>
          {t("nav.mdt")}
        </NavLink>
      </nav>
      <span className="flex-1" />
      <div id="case-bar-actions" className="flex items-center gap-2 empty:hidden" />
      <PresenceList stream={stream} />
    </section>
  );
}

function PresenceList({ stream }: { stream: CaseStream }) {
  const { t } = useTranslation("shell");
  const { person } = useSession();
  const others = stream.present.filter((one) => one.person_id !== person.id);
  return (
    <ul aria-label={t("presentLabel")} className="flex items-center gap-2 text-label text-quiet">
      {others.map((one) => (
        <li key={one.person_id} className="rounded-full border border-line px-2 leading-5 text-ink">
          <span aria-hidden className="mr-1 text-ok">
            ●
          </span>
          {one.name}
          <span className="text-quiet"> · {placeName(one.where, t)}</span>
        </li>
      ))}
      {others.length === 0 && stream.isLive && <li>{t("alone")}</li>}
      {!stream.isLive && <li className="text-warn">▲ {t("notLive")}</li>}
    </ul>
  );
}

const PLACES = ["overview", "planning", "mdt", "upload", "arriving"] as const;

function placeName(where: string, t: ReturnType<typeof useTranslation<"shell">>["t"]): string {
  const place = PLACES.find((known) => known === where);
  return place ? t(`nav.${place}`) : where;
}
