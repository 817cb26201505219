import java.io.FileInputStream;
import java.util.TreeSet;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;

/** Each file against PDF/A-3a and PDF/UA-1: one line for each rule that it breaks, and a last line of its own. */
public class Validate {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        var foundry = Foundries.defaultInstance();
        for (var file : files) {
            for (var flavour : new PDFAFlavour[] {PDFAFlavour.PDFA_3_A, PDFAFlavour.PDFUA_1}) {
                try (var parser = foundry.createParser(new FileInputStream(file), flavour);
                        var validator = foundry.createValidator(flavour, false)) {
                    var result = validator.validate(parser);
                    var broken = new TreeSet<String>();
                    for (var test : result.getTestAssertions()) {
                        if (test.getStatus() == TestAssertion.Status.FAILED) {
                            broken.add(test.getRuleId().getClause() + ": " + test.getMessage());
                        }
                    }
                    broken.forEach(rule -> System.out.println(file + " breaks " + flavour.getId() + " " + rule));
                }
            }
        }
        System.out.println("validated " + files.length);
    }
}
