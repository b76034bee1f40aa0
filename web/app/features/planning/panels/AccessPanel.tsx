import { Button } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { useDesk, useDeskState } from "../desk/useDesk";
import { Fact, Panel } from "./Panel";

interface Props {
  labelOf: (name: string) => string;
  canMake: boolean;
  onMake: () => void;
}

/** From where on the skin the target can be reached, and what forbids the rest. */
export function AccessPanel({ labelOf, canMake, onMake }: Props) {
  const { t } = useTranslation("planning");
  const desk = useDesk();
  const access = useDeskState((state) => state.access);
  const isShown = useDeskState((state) => state.isAccessShown);
  const show = (isAccessShown: boolean) => {
    desk.store.setState({ isAccessShown });
    desk.scene.setAccessMap(isAccessShown && access ? access.container : null);
  };
  return (
    <Panel
      title={t("access")}
      actions={
        access ? (
          <input
            type="checkbox"
            aria-label={t("access")}
            checked={isShown}
            onChange={(event) => show(event.currentTarget.checked)}
          />
        ) : (
          canMake && <Button onClick={onMake}>{t("makeAccess")}</Button>
        )
      }
    >
      {access && (
        <div data-testid="access">
          <p>{t("reachable", { share: ((100 * access.reachable) / Math.max(1, access.all)).toFixed(1) })}</p>
          {access.blocks.slice(0, 4).map(({ reason, share }) => (
            <Fact key={reason} what={`${t("blocked")} ${labelOf(reason)}`}>
              {(100 * share).toFixed(0)} %
            </Fact>
          ))}
        </div>
      )}
    </Panel>
  );
}
