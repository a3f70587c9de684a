// The element's events bubble, so one listener on the document hears them all.
document.addEventListener("tieline-outcome", ({ detail }) => {
  const text = detail.outcome === "created" ? `Created ${detail.resourceId}` : detail.message.en;
  document.getElementById("outcome").textContent = text;
});

const form = document.querySelector("tieline-form");
form.context = { order: 4711 };
form.values = { Name: "backbone", Description: "Ordered in the portal" };
