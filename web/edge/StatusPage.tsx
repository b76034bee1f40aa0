import { formatBytes } from "@app/i18n/useFormat";
import { Banner, EmptyState, Fact, type Mark, Section, StateMark, Table } from "@teleneedle/ui";
import type { GatewayStatus } from "./gatewayStatus";
import { RateChart } from "./RateChart";
import { SeriesTable } from "./SeriesTable";
import type { Words } from "./words";

interface Props {
  status: GatewayStatus;
  rates: number[];
  say: Words;
  language: "zh" | "en";
}

const MARKS: Record<GatewayStatus["way"]["state"], Mark> = {
  starting: "unknown",
  connecting: "unknown",
  connected: "ok",
  away: "stop",
  refused: "stop",
};

/** What needs somebody first, then what goes and how fast, then what was delivered. */
export function StatusPage({ status, rates, say, language }: Props) {
  return (
    <div className="mx-auto flex max-w-[1500px] flex-col gap-4">
      <section aria-label={say.problems} className="flex flex-col gap-2">
        {status.problems.length === 0 && <Banner mark="ok" title={say.fine} />}
        {status.problems.map((problem) => (
          <Banner key={problem.en} mark={problem.is_serious ? "stop" : "warn"} title={problem[language]} />
        ))}
      </section>
      <div className="grid grid-cols-[minmax(0,1fr)_20rem] items-start gap-4 max-lg:grid-cols-1">
        <div className="flex min-w-0 flex-col gap-4">
          <Section title={say.coming}>
            {status.series.length === 0 ? (
              <EmptyState title={say.noneComing}>{say.noneComingText}</EmptyState>
            ) : (
              <SeriesTable status={status} say={say} language={language} />
            )}
          </Section>
          <Section title={say.sentTitle}>
            {status.sent.length === 0 ? (
              <EmptyState title={say.noneSent} />
            ) : (
              <Delivered status={status} say={say} language={language} />
            )}
          </Section>
        </div>
        <Line status={status} rates={rates} say={say} language={language} />
      </div>
    </div>
  );
}

export function time(iso: string | undefined, language: "zh" | "en"): string {
  if (!iso) return "";
  const locale = language === "zh" ? "zh-CN" : "en-GB";
  return new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "medium" }).format(new Date(iso));
}

function Line({ status, rates, say, language }: Props) {
  const { gateway, way, spool } = status;
  const room = say.roomOf
    .replace("{used}", formatBytes(spool.used_bytes))
    .replace("{free}", formatBytes(spool.free_bytes));
  return (
    <Section title={say.hub}>
      <dl>
        <Fact name={<StateMark mark={MARKS[way.state]}>{say.states[way.state]}</StateMark>}>
          {way.since && `${say.since} ${time(way.since, language)}`}
        </Fact>
        <Fact name={say.rate}>{formatBytes(status.rate_bytes_per_s)}/s</Fact>
      </dl>
      <RateChart rates={rates} label={say.rateChart} />
      <dl>
        <Fact name={say.waiting}>{formatBytes(status.bytes_waiting)}</Fact>
        <Fact name={say.remaining}>{duration(status.remaining_s, say)}</Fact>
        <Fact name={say.room}>{room}</Fact>
        <Fact name={say.receives}>
          {gateway.aet} · {gateway.dicom_port}
        </Fact>
        <Fact name={say.address}>{gateway.hub || "–"}</Fact>
        <Fact name={say.names}>{gateway.is_deidentifying ? say.deidentified : say.identified}</Fact>
        {gateway.certificate_days !== null && (
          <Fact name={say.certificate}>{say.days.replace("{n}", String(gateway.certificate_days))}</Fact>
        )}
      </dl>
    </Section>
  );
}

function duration(seconds: number | null, say: Words): string {
  if (seconds === null) return "–";
  if (seconds < 90) return say.seconds.replace("{n}", String(Math.ceil(seconds)));
  return say.minutes.replace("{n}", String(Math.ceil(seconds / 60)));
}

function Delivered({ status, say, language }: Omit<Props, "rates">) {
  return (
    <Table
      caption={say.sentTitle}
      rows={status.sent}
      rowKey={(row) => row.key}
      columns={[
        {
          key: "patient",
          head: say.patient,
          cell: (row) =>
            row.patient || row.patient_id ? (
              <>
                {row.patient} <span className="text-quiet">{row.patient_id}</span>
              </>
            ) : (
              <span className="text-quiet">{say.unknown}</span>
            ),
        },
        { key: "series", head: say.series, cell: (row) => `${row.modality ?? ""} ${row.description ?? ""}` },
        { key: "images", head: say.images, isNumber: true, cell: (row) => row.images },
        { key: "at", head: say.delivered, isNumber: true, cell: (row) => time(row.at, language) },
      ]}
    />
  );
}
