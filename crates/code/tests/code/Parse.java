// Parses Java files with the compiler's own parser, without looking for what they import:
// java Parse.java FILE…

import com.sun.source.util.JavacTask;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

public class Parse {
    public static void main(String[] args) throws Exception {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var found = new DiagnosticCollector<JavaFileObject>();
        var files = compiler.getStandardFileManager(found, Locale.ROOT, StandardCharsets.UTF_8);
        var units = files.getJavaFileObjects(args);
        var task = (JavacTask) compiler.getTask(null, files, found, List.of(), null, units);
        for (var unit : task.parse()) {
            if (unit.getTypeDecls().size() != 1) throw new IllegalStateException("not one class: " + unit);
        }
        found.getDiagnostics().forEach(System.err::println);
        System.exit(found.getDiagnostics().isEmpty() ? 0 : 1);
    }
}
