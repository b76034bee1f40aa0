export { ArrivalsStrip } from "./ArrivalsStrip";
export { ArrivingSection } from "./ArrivingSection";
export { InboxPage } from "./InboxPage";
