import { createBrowserRouter, Navigate } from "react-router";
import { AppFrame } from "./AppFrame";
import { CaseFrame } from "./CaseFrame";
import { NotFound, PageFailed } from "./Fallbacks";
import { RequireSession } from "./RequireSession";

const session = () => import("@app/features/session");
const cases = () => import("@app/features/cases");
const admin = () => import("@app/features/admin");

export const router = createBrowserRouter([
  {
    element: <AppFrame />,
    errorElement: <PageFailed />,
    HydrateFallback: () => null,
    children: [
      { path: "/setup", lazy: async () => ({ Component: (await session()).SetupPage }) },
      { path: "/sign-in", lazy: async () => ({ Component: (await session()).SignInPage }) },
      {
        element: <RequireSession />,
        errorElement: <PageFailed />,
        children: [
          { index: true, element: <Navigate to="/cases" replace /> },
          { path: "/cases", lazy: async () => ({ Component: (await cases()).WorklistPage }) },
          {
            path: "/cases/:id",
            element: <CaseFrame />,
            errorElement: <PageFailed />,
            children: [
              { index: true, lazy: async () => ({ Component: (await cases()).CasePage }) },
              {
                path: "planning",
                handle: { place: "planning" },
                lazy: async () => ({ Component: (await import("@app/features/planning")).PlanningPage }),
              },
              { path: "mdt", lazy: async () => ({ Component: (await import("@app/features/mdt")).MdtPage }) },
              {
                path: "arriving/:arrival",
                handle: { place: "arriving" },
                lazy: async () => ({
                  Component: (await import("@app/features/arrivals/live/ArrivalViewerPage"))
                    .ArrivalViewerPage,
                }),
              },
              {
                path: "upload",
                lazy: async () => ({ Component: (await import("@app/features/upload")).UploadPage }),
              },
            ],
          },
          {
            path: "/arrivals",
            lazy: async () => ({ Component: (await import("@app/features/arrivals")).InboxPage }),
          },
          { path: "/account", lazy: async () => ({ Component: (await session()).AccountPage }) },
          { path: "/admin/:section?", lazy: async () => ({ Component: (await admin()).AdminPage }) },
          { path: "*", element: <NotFound /> },
        ],
      },
    ],
  },
]);
