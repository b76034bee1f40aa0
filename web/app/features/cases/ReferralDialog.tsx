import { hub } from "@app/hub/hub";
import { keys, queryClient } from "@app/hub/queries";
import { useMutation } from "@tanstack/react-query";
import type { Case } from "@teleneedle/protocol";
import { Button, Dialog, ErrorNote, SelectField, showToast, TextField } from "@teleneedle/ui";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import type { SiteName } from "./useHospitals";

interface ReferralDialogProps {
  isOpen: boolean;
  sites: SiteName[];
  onClose: () => void;
}

/** A hospital opens a case for its patient; an expert may do so in a hospital's name. */
export function ReferralDialog({ isOpen, sites, onClose }: ReferralDialogProps) {
  const { t } = useTranslation("cases");
  const navigate = useNavigate();
  const [commandId, setCommandId] = useState(() => crypto.randomUUID());
  const refer = useMutation({
    mutationFn: (form: Record<string, string>) =>
      hub.post<Case>("/api/cases", {
        command_id: commandId,
        site_id: form.site_id,
        patient: { id: form.patient_id, name: form.name, sex: form.sex, birth_date: form.birth_date },
        modality: form.modality,
        indication: form.indication,
      }),
    onSuccess: (created) => {
      setCommandId(crypto.randomUUID());
      void queryClient.invalidateQueries({ queryKey: keys.cases });
      showToast(t("referral.done"));
      onClose();
      navigate(`/cases/${created.id}`);
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    refer.mutate(Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>);
  };
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t("referral.title")}>
      <form
        onSubmit={submit}
        onChange={() => refer.isError && setCommandId(crypto.randomUUID())}
        className="grid grid-cols-2 gap-3"
      >
        <SelectField label={t("referral.site")} name="site_id" required className="col-span-2">
          {sites.map((site) => (
            <option key={site.id} value={site.id}>
              {site.name}
            </option>
          ))}
        </SelectField>
        <TextField label={t("referral.patientName")} name="name" required autoComplete="off" />
        <TextField label={t("referral.patientId")} name="patient_id" required autoComplete="off" />
        <SelectField label={t("referral.sex")} name="sex" required>
          <option value="M">{t("referral.male")}</option>
          <option value="F">{t("referral.female")}</option>
          <option value="O">{t("referral.other")}</option>
        </SelectField>
        <TextField label={t("referral.birthDate")} name="birth_date" type="date" min="1900-01-01" required />
        <SelectField label={t("referral.modality")} name="modality" required className="col-span-2">
          {(["mwa", "rfa", "seeds"] as const).map((modality) => (
            <option key={modality} value={modality}>
              {t(`modality.${modality}`)}
            </option>
          ))}
        </SelectField>
        <TextField
          label={t("referral.indication")}
          hint={t("referral.indicationHint")}
          name="indication"
          required
          autoComplete="off"
          className="col-span-2"
        />
        <div className="col-span-2">
          <ErrorNote error={refer.error} />
        </div>
        <div className="col-span-2 flex justify-end gap-2">
          <Button onClick={onClose}>{t("referral.cancel")}</Button>
          <Button type="submit" look="primary" isBusy={refer.isPending}>
            {t("referral.submit")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
