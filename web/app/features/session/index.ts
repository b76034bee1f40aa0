export { AccountPage } from "./AccountPage";
export { ReSignInDialog } from "./ReSignInDialog";
export { SetupPage } from "./SetupPage";
export { SignInPage } from "./SignInPage";
