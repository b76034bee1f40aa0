import { useJob } from "@app/hub/queries";
import { isoDate } from "@app/i18n/isoDate";
import { useFormat } from "@app/i18n/useFormat";
import { useCaseContext } from "@app/shell/CaseFrame";
import { Page } from "@app/shell/Page";
import { Button, Section } from "@teleneedle/ui";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Chooser } from "./Chooser";
import { type ChosenFile, worthSending } from "./chosenFiles";
import { hubUploads } from "./hubUploads";
import { findInterrupted, forgetUpload, rememberUpload } from "./interrupted";
import { TransferView } from "./TransferView";
import { Transfer, type TransferState } from "./transfer";

/** Images into a case, in parts that survive a cut line. */
export function UploadPage() {
  const { t } = useTranslation("upload");
  const { case: shown } = useCaseContext();
  const format = useFormat();
  const navigate = useNavigate();
  const [files, setFiles] = useState<ChosenFile[] | null>(null);
  const [state, setState] = useState<TransferState | null>(null);
  const transfer = useRef<Transfer | null>(null);
  const job = useJob(state?.phase === "importing" ? state.jobId : null);
  const isRunning = state !== null && !["failed", "cancelled", "importing"].includes(state.phase);
  useWarningBeforeLeaving(isRunning);
  useEffect(() => {
    if (job.data?.state === "done") forgetUpload(shown.id);
  }, [job.data?.state, shown.id]);

  const start = () => {
    if (!files) return;
    const next = new Transfer({
      port: hubUploads(shown.id),
      files,
      earlierId: findInterrupted(shown.id, files),
      onCreated: (id) => rememberUpload(shown.id, id, files),
      onState: setState,
    });
    transfer.current = next;
    void next.run();
  };
  const reset = () => {
    setFiles(null);
    setState(null);
  };
  const cancel = () => {
    forgetUpload(shown.id);
    void transfer.current?.cancel();
  };

  return (
    <Page
      title={t("title")}
      actions={<Button onClick={() => navigate("..", { relative: "path" })}>{t("back")}</Button>}
    >
      <p className="text-quiet">
        {t("identity")} <strong className="text-ink">{shown.patient.name}</strong> ·{" "}
        {isoDate(shown.patient.birth_date)} · {shown.patient.id}
      </p>
      {!files && <Chooser onChoose={(chosen) => setFiles(worthSending(chosen))} />}
      {files && (
        <Section
          title={
            files.length > 0
              ? t("chosen", {
                  count: files.length,
                  size: format.bytes(files.reduce((sum, { file }) => sum + file.size, 0)),
                })
              : t("nothing")
          }
          actions={
            state === null && (
              <>
                <Button onClick={reset}>{t("clear")}</Button>
                <Button look="primary" disabled={files.length === 0} onClick={start}>
                  {t("start")}
                </Button>
              </>
            )
          }
        >
          {state === null ? (
            <FileList files={files} />
          ) : (
            <TransferView
              state={state}
              job={job.data}
              onCancel={cancel}
              onResume={start}
              onAgain={reset}
              onReadAgain={(completion) => void transfer.current?.readAgain(completion)}
            />
          )}
        </Section>
      )}
    </Page>
  );
}

const SHOWN = 8;

function FileList({ files }: { files: ChosenFile[] }) {
  const format = useFormat();
  return (
    <ul className="text-quiet">
      {files.slice(0, SHOWN).map(({ path, file }) => (
        <li key={path} className="flex justify-between gap-4">
          <span className="truncate">{path}</span>
          <span>{format.bytes(file.size)}</span>
        </li>
      ))}
      {files.length > SHOWN && <li>…</li>}
    </ul>
  );
}

function useWarningBeforeLeaving(isActive: boolean) {
  useEffect(() => {
    if (!isActive) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isActive]);
}
