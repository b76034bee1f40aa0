import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { StatusApp } from "./StatusApp";
import "../app/main.css";

const root = document.getElementById("root");
if (root)
  createRoot(root).render(
    <StrictMode>
      <StatusApp />
    </StrictMode>,
  );
