export { MdtPage } from "./MdtPage";
