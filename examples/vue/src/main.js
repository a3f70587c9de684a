import { createApp } from "vue";
import "tieline-console";
import App from "./App.vue";

createApp(App).mount("#app");
