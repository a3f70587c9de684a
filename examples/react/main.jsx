import React, { useRef, useState } from "react";
import { createRoot } from "react-dom/client";
import "tieline-console";

// Made once, because a new object would fill the form anew.
const values = { Name: "backbone" };

function App() {
  const [outcome, setOutcome] = useState("");
  const [operation, setOperation] = useState("CreateCen");
  const form = useRef(null);
  return (
    <main>
      <h1>Networks</h1>
      <select aria-label="What to create" value={operation} onChange={(e) => setOperation(e.target.value)}>
        <option>CreateCen</option>
        <option>CreateCloudConnection</option>
      </select>
      <tieline-form
        ref={form}
        operation={operation}
        values={operation === "CreateCen" ? values : undefined}
        theme="dark"
        sandbox
        ontieline-outcome={({ detail }) => setOutcome(detail.resourceId ?? detail.message.en)}
      />
      <button type="button" onClick={() => form.current.submit()}>
        Create it from here
      </button>
      <p role="status">{outcome}</p>
    </main>
  );
}

createRoot(document.getElementById("app")).render(<App />);
