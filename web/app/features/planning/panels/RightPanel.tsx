import type { Device } from "@teleneedle/protocol";
import { Tabs } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { useDeskState } from "../desk/useDesk";
import type { RightTab } from "../useWorkbenchLook";
import { ChecksPanel } from "./ChecksPanel";
import { ClearancesPanel } from "./ClearancesPanel";
import { CoveragePanel } from "./CoveragePanel";
import { DocumentsPanel } from "./documents/DocumentsPanel";
import { NeedlePanel } from "./NeedlePanel";
import { type ProposalChoice, ProposeBar } from "./ProposeBar";
import { ResultsPanel } from "./results/ResultsPanel";
import { SettingsPanel } from "./SettingsPanel";

interface Props {
  tab: RightTab;
  onTab: (tab: RightTab) => void;
  mayEdit: boolean;
  labelOf: (name: string) => string;
  devices: readonly Device[];
  onPropose: (choice: ProposalChoice) => void;
}

/** What is planned: the needle with its live numbers, what was computed of it, and the files. */
export function RightPanel({ tab, onTab, mayEdit, labelOf, devices, onPropose }: Props) {
  const { t } = useTranslation("planning");
  const hasPlan = useDeskState((state) => state.plan !== null);
  const propose = mayEdit && devices.length > 0 && <ProposeBar devices={devices} onPropose={onPropose} />;
  return (
    <aside
      aria-label={t("needle")}
      className="w-64 shrink-0 overflow-x-hidden overflow-y-auto border-l border-line bg-panel"
    >
      <Tabs
        label={t("needle")}
        value={tab}
        onChange={(key) => onTab(key as RightTab)}
        tabs={[
          {
            key: "needle",
            label: t("needle"),
            content: (
              <>
                {!hasPlan && propose}
                <NeedlePanel mayEdit={mayEdit} />
                <ClearancesPanel labelOf={labelOf} />
                <CoveragePanel />
                <SettingsPanel mayEdit={mayEdit} />
                {hasPlan && propose && (
                  <details className="border-b border-line">
                    <summary className="cursor-pointer px-3 py-2 text-label font-semibold text-quiet">
                      {t("plan")}
                    </summary>
                    {propose}
                  </details>
                )}
              </>
            ),
          },
          {
            key: "results",
            label: t("results"),
            content: (
              <>
                <ResultsPanel />
                <ChecksPanel />
              </>
            ),
          },
          { key: "files", label: t("files"), content: <DocumentsPanel /> },
        ]}
      />
    </aside>
  );
}
