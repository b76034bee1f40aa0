import { Button, classNames } from "@teleneedle/ui";
import { type DragEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ChosenFile, fromDrop, fromInput } from "./chosenFiles";

/** Where files are dropped or chosen: a folder, a zip, or NIfTI. */
export function Chooser({ onChoose }: { onChoose: (files: ChosenFile[]) => void }) {
  const { t } = useTranslation("upload");
  const folder = useRef<HTMLInputElement>(null);
  const single = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void fromDrop(event.dataTransfer).then(onChoose);
  };
  return (
    <section
      aria-label={t("title")}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={classNames(
        "flex flex-col items-center gap-4 rounded-md border-2 border-dashed bg-panel px-6 py-16 text-center",
        isOver ? "border-accent" : "border-edge",
      )}
    >
      <p>{t("drop")}</p>
      <div className="flex flex-wrap justify-center gap-2">
        <Button look="primary" onClick={() => folder.current?.click()}>
          {t("chooseFolder")}
        </Button>
        <Button onClick={() => single.current?.click()}>{t("chooseFiles")}</Button>
      </div>
      <input
        ref={folder}
        type="file"
        hidden
        data-testid="choose-folder"
        webkitdirectory=""
        onChange={(event) => onChoose(fromInput(event.target.files))}
      />
      <input
        ref={single}
        type="file"
        hidden
        multiple
        data-testid="choose-files"
        onChange={(event) => onChoose(fromInput(event.target.files))}
      />
    </section>
  );
}

declare module "react" {
  interface InputHTMLAttributes<T> extends HTMLAttributes<T> {
    webkitdirectory?: string;
  }
}
