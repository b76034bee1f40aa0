import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDesk } from "../desk/useDesk";

/** The 3-D picture; a double click makes it large, as any other. */
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
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the same is done by key and by button */}
      <div
        ref={host}
        className="absolute inset-0"
        data-testid="pane-3d"
        onDoubleClick={() => desk.enlarge("3d")}
      />
      {!isShown && <p className="absolute inset-x-0 top-10 p-4 text-quiet">{t("noWebgl")}</p>}
    </>
  );
}
