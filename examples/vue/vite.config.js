// What Vue itself needs: its compiler, and which tags are no components of its own.
import vue from "@vitejs/plugin-vue";

const isCustomElement = (tag) => tag.startsWith("tieline-");

export default { plugins: [vue({ template: { compilerOptions: { isCustomElement } } })] };
