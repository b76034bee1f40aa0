import { Banner, Button, Dialog, LanguageProvider, TextField } from "@teleneedle/ui";
import { type FormEvent, useEffect, useState } from "react";
import { StatusPage } from "./StatusPage";
import { useStatus } from "./useStatus";
import { type Words, words } from "./words";

const STORED = "teleneedle.language";
type Language = "zh" | "en";

function firstLanguage(): Language {
  const stored = localStorage.getItem(STORED);
  if (stored === "zh" || stored === "en") return stored;
  return navigator.language.startsWith("zh") ? "zh" : "en";
}

/** The technologist's page: one screen, in either language, that keeps itself up to date. */
export function StatusApp() {
  const [language, setLanguage] = useState(firstLanguage);
  const [attempt, setAttempt] = useState(0);
  const seen = useStatus(attempt);
  const say: Words = words[language];
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    document.title = `${say.title} · Teleneedle`;
    localStorage.setItem(STORED, language);
  }, [language, say]);
  const status = "status" in seen ? seen.status : null;
  return (
    <LanguageProvider language={language}>
      <div className="flex h-full flex-col">
        <header className="flex h-10 shrink-0 items-center gap-3 border-b border-line bg-panel px-4">
          <span className="font-semibold">Teleneedle</span>
          <h1>{say.title}</h1>
          {status && <span className="text-quiet">{status.gateway.name}</span>}
          <span className="flex-1" />
          <Button
            look="quiet"
            title={say.language}
            lang={language === "zh" ? "en" : "zh-CN"}
            onClick={() => setLanguage(language === "zh" ? "en" : "zh")}
          >
            {say.other}
          </Button>
        </header>
        <main className="min-h-0 flex-1 overflow-y-auto p-4">
          {seen.state === "loading" && <p className="text-quiet">{say.loading}</p>}
          {seen.state === "lost" && <Banner mark="stop" title={seen.status ? say.lost : say.lostNothing} />}
          {status && (
            <StatusPage
              status={status}
              rates={"rates" in seen ? seen.rates : []}
              say={say}
              language={language}
            />
          )}
        </main>
        <footer className="flex min-h-6 shrink-0 items-center justify-end gap-x-2 border-t border-line bg-panel px-4 text-label text-quiet">
          <span lang="zh-CN">{words.zh.research}</span> <span lang="en">{words.en.research}</span>
        </footer>
      </div>
      {seen.state === "locked" && <PinDialog say={say} onOpen={() => setAttempt(attempt + 1)} />}
    </LanguageProvider>
  );
}

function PinDialog({ say, onOpen }: { say: Words; onOpen: () => void }) {
  const [isWrong, setWrong] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const pin = String(new FormData(event.currentTarget).get("pin"));
    const answer = await fetch("/pin", { method: "POST", body: pin });
    if (answer.ok) onOpen();
    else setWrong(true);
  };
  return (
    <Dialog isOpen onClose={() => undefined} title={say.title} description={say.pinText}>
      <form onSubmit={submit} className="flex flex-col gap-3">
        <TextField label={say.pin} name="pin" type="password" autoComplete="off" required />
        {isWrong && <Banner mark="stop" title={say.wrongPin} />}
        <div className="flex justify-end">
          <Button type="submit" look="primary">
            {say.enter}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
