export { CasePage } from "./CasePage";
export { Timeline } from "./Timeline";
export { WorklistPage } from "./WorklistPage";
