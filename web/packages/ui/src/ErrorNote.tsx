import { type Bilingual, bothLanguages, HubError, type Problem } from "@teleneedle/protocol";
import type { ReactNode } from "react";
import { Banner } from "./Banner";
import { Button } from "./Button";
import { useText } from "./language";

const UNEXPECTED: Bilingual = { zh: "页面遇到意外错误", en: "Something unexpected happened on this page" };
const WHERE: Bilingual = { zh: "位置", en: "Where" };
const REMEDY: Bilingual = { zh: "处理", en: "What to do" };
const RETRY: Bilingual = { zh: "重试", en: "Try again" };

export function problemOf(error: unknown): Problem {
  if (error instanceof HubError) return error.problem;
  const detail = error instanceof Error ? error.message : String(error);
  return { type: "about:blank", title: UNEXPECTED, status: 0, detail };
}

/** Whether a text only repeats the title. */
const isSaid = ({ title }: Problem, detail: string) =>
  [title.zh, title.en].some((one) => one.toLowerCase() === detail.toLowerCase());

interface ErrorNoteProps {
  /** A `HubError`, any other error, or a problem document. */
  error: unknown;
  onRetry?: () => void;
  actions?: ReactNode;
}

/** A problem in the reader's language: what is wrong, where, and what to do. */
export function ErrorNote({ error, onRetry, actions }: ErrorNoteProps) {
  const text = useText();
  if (!error) return null;
  const isProblem = typeof error === "object" && error !== null && "title" in error && "status" in error;
  const problem = isProblem && !(error instanceof Error) ? (error as Problem) : problemOf(error);
  const [detail, where, remedy] = (["detail", "where", "remedy"] as const).map((part) =>
    text(bothLanguages(problem, part)),
  );
  return (
    <Banner
      mark={problem.status === 409 || problem.status === 412 ? "warn" : "stop"}
      title={text(problem.title)}
      actions={
        <>
          {onRetry && <Button onClick={onRetry}>{text(RETRY)}</Button>}
          {actions}
        </>
      }
    >
      {detail && !isSaid(problem, detail) && <p className="whitespace-pre-line">{detail}</p>}
      {where && (
        <p className="text-quiet">
          {text(WHERE)}: {where}
        </p>
      )}
      {remedy && (
        <p>
          {text(REMEDY)}: {remedy}
        </p>
      )}
    </Banner>
  );
}
