import { Progress, StateMark, Table } from "@teleneedle/ui";
import type { GatewayStatus, WaitingSeries } from "./gatewayStatus";
import { time } from "./StatusPage";
import type { Words } from "./words";

interface Props {
  status: GatewayStatus;
  say: Words;
  language: "zh" | "en";
}

/** Series that wait or go: whose, from where, how many, how far. */
export function SeriesTable({ status, say, language }: Props) {
  return (
    <Table
      caption={say.coming}
      rows={status.series}
      rowKey={(row) => row.key}
      columns={[
        {
          key: "patient",
          head: say.patient,
          cell: (row) => (
            <>
              {row.patient} <span className="text-quiet">{row.patient_id}</span>
            </>
          ),
        },
        { key: "series", head: say.series, cell: (row) => `${row.modality ?? ""} ${row.description ?? ""}` },
        {
          key: "phase",
          head: say.phase,
          cell: (row) => (
            <>
              {say.phases[row.phase || "none"]}
              {row.is_urgent && ` · ${say.urgent}`}
            </>
          ),
        },
        { key: "from", head: say.from, cell: (row) => row.sender },
        { key: "received", head: say.received, cell: (row) => time(row.received_at, language) },
        { key: "images", head: say.images, isNumber: true, cell: (row) => row.images },
        {
          key: "progress",
          head: say.progress,
          isNumber: true,
          className: "w-40",
          cell: (row) => (
            <>
              {Math.floor(100 * row.fraction)} %
              <Progress label={`${say.progress} ${row.patient ?? row.key}`} fraction={row.fraction} />
            </>
          ),
        },
        {
          key: "state",
          head: say.state,
          className: "max-w-64",
          cell: (row) => <State row={row} say={say} language={language} />,
        },
      ]}
    />
  );
}

function State({ row, say, language }: { row: WaitingSeries; say: Words; language: "zh" | "en" }) {
  const stuck = language === "zh" ? row.stuck_zh : row.stuck_en;
  if (stuck) return <StateMark mark="warn">{stuck}</StateMark>;
  if (row.fraction > 0) return <StateMark mark="ok">{say.sending}</StateMark>;
  return <StateMark mark="unknown">{row.is_closed ? say.queued : say.receiving}</StateMark>;
}
