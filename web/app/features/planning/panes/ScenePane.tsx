import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDesk } from "../desk/useDesk";

/** The 3-D picture. */
export function ScenePane() {
  const { t } = useTranslation("planning");
  const desk = useDesk();
  const host = useRef<HTMLDivElement>(null);
  const [isShown, setIsShown] = useState(true);
  useEffect(() => {
    if (!host.current) return;
    void desk.scene.attach(host.current).then(setIsShown);
    return () => desk.scene.detach();
  }, [desk]);
  return (
    <section aria-label={t("panes.scene")} className="relative min-h-0 min-w-0 bg-ground">
      <div ref={host} className="absolute inset-0" data-testid="pane-3d" />
      <span className="pointer-events-none absolute top-1 left-2 text-label text-ink">
        {t("panes.scene")}
      </span>
      {!isShown && <p className="p-4 text-quiet">{t("noWebgl")}</p>}
    </section>
  );
}
