export { PlanningPage } from "./PlanningPage";
