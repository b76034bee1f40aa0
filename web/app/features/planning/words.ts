import { defineWords } from "@app/i18n/defineWords";

export const planningWords = defineWords({ title: "规划" }, { title: "Planning" });
