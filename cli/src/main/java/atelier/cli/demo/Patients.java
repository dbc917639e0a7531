package atelier.cli.demo;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// Writes a CSV of synthetic patients: people who do not exist, from a risk model that was made up for teaching.
///
/// The model is described in `samples/diabetes/PATIENTS.md`; the factors point the way that screening questionnaires
/// such as FINDRISC (Lindström and Tuomilehto 2003) use them, the weights are invented. Nothing here is medical
/// knowledge, and no model trained on it says anything about a person.
///
/// The same count, seed and population give the same bytes on every machine; the first rows of a longer file are those
/// of a shorter one. Only [StrictMath] is used, since [Math] may differ in the last bit between processors.
public final class Patients {

    /// The columns in their order; `diabetic` is the label, 0 or 1.
    public static final String HEADER = "patient_id,age,gender,family_history,diet,sugary_drinks_per_week,"
            + "vegetable_portions_per_day,activity_minutes_per_week,smoking,alcohol_units_per_week,sleep_hours,"
            + "blood_pressure_medication,statin,steroids,bmi,waist_cm,systolic_mmhg,diastolic_mmhg,"
            + "fasting_glucose_mg_dl,hba1c_percent,triglycerides_mg_dl,hdl_mg_dl,diabetic";

    private static final String[] DIETS = {"balanced", "mediterranean", "vegetarian", "high_fat", "high_sugar"};
    private static final double[] DIET_SHARES = {0.38, 0.14, 0.10, 0.20, 0.18};
    private static final double[] DIET_RISKS = {0.0, -0.30, -0.20, 0.20, 0.40};
    private static final double[] DIET_WEIGHT = {0.0, -0.6, -1.2, 1.6, 1.3};
    private static final long FIRST_ID = 1_000_001;

    private Patients() {}

    /// Who comes to the clinic. The shifts are what drift looks like: the relation between a person and the illness
    /// stays as it is, other people come.
    ///
    /// @param ageShift years added to the mean age of 48
    /// @param bmiShift kg/m² added to everybody's body mass index before diet and activity
    public record Population(double ageShift, double bmiShift) {

        /// Those on whom a first model is trained.
        public static final Population FIRST = new Population(0, 0);

        /// A later intake: nine years older and 2.5 kg/m² heavier.
        public static final Population OLDER_AND_HEAVIER = new Population(9, 2.5);

        public Population {
            if (!(StrictMath.abs(ageShift) <= 30)) {
                throw new IllegalArgumentException("ageShift must be within 30 years, not " + ageShift);
            }
            if (!(StrictMath.abs(bmiShift) <= 10)) {
                throw new IllegalArgumentException("bmiShift must be within 10 kg/m², not " + bmiShift);
            }
        }
    }

    /// Writes a new file, or replaces one.
    ///
    /// @param count rows beside the header line, 1 or more
    public static void write(Path file, int count, long seed, Population population) throws IOException {
        try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            write(writer, count, seed, population);
        }
    }

    /// Writes header and rows; the writer is not closed.
    public static void write(Writer writer, int count, long seed, Population population) throws IOException {
        if (count < 1) {
            throw new IllegalArgumentException("count must be 1 or more, not " + count);
        }
        writer.write(HEADER);
        writer.write('\n');
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < count; i++) {
            // A stream of its own for each patient: one more random number here does not change everybody after.
            writer.write(new Patient(new Dice(random.split()), population).line(FIRST_ID + i));
            writer.write('\n');
        }
    }

    /// One person, drawn from causes to consequences: who they are, how they live, what they weigh, how ill they are,
    /// what is measured, what is missing.
    private static final class Patient {

        private final Dice dice;
        private final int age;
        private final boolean male;
        private final int family;
        private final int diet;
        private final int drinks;
        private final double vegetables;
        private final int activity;
        private final int smoking;
        private final double alcohol;
        private final double sleep;
        private final boolean steroids;
        private final double bmi;
        private final double waist;
        private final double resistance;
        private final boolean diabetic;

        Patient(Dice dice, Population population) {
            this.dice = dice;
            age = (int) StrictMath.round(dice.normal(48 + population.ageShift(), 16, 18, 90));
            male = dice.chance(0.49);
            family = dice.pick(0.62, 0.30, 0.08);
            diet = dice.pick(DIET_SHARES);
            drinks = (int) StrictMath.round(dice.skewed(diet == 4 ? 9 : 3, 0.8, 42));
            vegetables = dice.normal(3.0 + (diet == 1 || diet == 2 ? 1.5 : 0) - (diet >= 3 ? 0.8 : 0), 1.1, 0, 9);
            activity = (int) StrictMath.round(dice.skewed(150 - 1.1 * (age - 48), 0.7, 900));
            smoking = dice.pick(0.55, 0.27, 0.18);
            alcohol = dice.skewed(male ? 5 : 3, 0.9, 60);
            sleep = dice.normal(7.0 - (smoking == 2 ? 0.3 : 0), 1.1, 3.5, 11);
            steroids = dice.chance(0.03 + 0.0006 * StrictMath.max(0, age - 40));
            bmi = dice.normal(
                    26.2
                            + population.bmiShift()
                            + DIET_WEIGHT[diet]
                            + 0.08 * drinks
                            - 0.008 * (activity - 150)
                            + 0.03 * (age - 48)
                            + (steroids ? 1.2 : 0),
                    4.1,
                    15.5,
                    62);
            waist = dice.normal(2.25 * bmi + (male ? 36 : 27) + 0.10 * (age - 48), 5, 50, 180);
            double risk = risk();
            // What the risk model does not know: genes, luck, everything that no column tells.
            diabetic = dice.chance(1 / (1 + StrictMath.exp(-(risk + dice.gaussian() * 0.9))));
            resistance = 0.45 * (risk + 2.2) + (diabetic ? 1.9 : 0) + dice.gaussian() * 0.75;
        }

        /// Log odds of diabetes before luck; see PATIENTS.md for the table.
        private double risk() {
            double years = (age - 48) / 10.0;
            double weight = (bmi - 26) / 5.0;
            return -2.95
                    + 0.55 * years
                    + 0.70 * weight
                    // Weight harms the old more than the young, which a straight line through the factors cannot say.
                    + 0.18 * StrictMath.max(0, years) * StrictMath.max(0, weight)
                    + 0.03 * (waist - (male ? 95 : 86))
                    + new double[] {0, 0.75, 1.40}[family]
                    + DIET_RISKS[diet]
                    + 0.035 * drinks
                    - 0.10 * (vegetables - 3)
                    - 0.0030 * (StrictMath.min(activity, 400) - 150)
                    + new double[] {0, 0.10, 0.35}[smoking]
                    // Both short and long nights go with more illness.
                    + 0.09 * (sleep - 7) * (sleep - 7)
                    + (steroids ? 0.90 : 0)
                    + (male ? 0.15 : 0);
        }

        String line(long id) {
            boolean pressureMedication = dice.chance(logistic(-2.6 + 0.06 * (age - 48) + 0.10 * (bmi - 26)));
            boolean statin = dice.chance(logistic(-2.4 + 0.07 * (age - 48) + (diabetic ? 0.8 : 0)));
            double systolic = dice.normal(
                    121 + 0.45 * (age - 48) + 0.9 * (bmi - 26) + 2.5 * resistance - (pressureMedication ? 9 : 0),
                    12,
                    85,
                    220);
            double diastolic = dice.normal(0.42 * systolic + 27, 6, 45, 130);
            double glucose = dice.normal(91 + 9.5 * resistance + (steroids ? 6 : 0), 12, 58, 330);
            double hba1c = dice.normal(5.25 + 0.36 * resistance + 0.004 * (glucose - 95), 0.42, 3.9, 14);
            double triglycerides = dice.skewed(
                    StrictMath.max(50, 112 + 22 * resistance + 1.6 * (bmi - 26) + 0.8 * alcohol - (statin ? 15 : 0)),
                    0.35,
                    900);
            double hdl = dice.normal(
                    (male ? 48 : 57) - 2.6 * resistance - 0.35 * (bmi - 26) + 0.01 * (activity - 150), 10, 18, 110);
            StringBuilder line = new StringBuilder(160).append(id);
            text(line, Integer.toString(age), 0);
            text(line, male ? "male" : "female", 0);
            text(line, new String[] {"none", "one_parent", "both_parents"}[family], 0.05);
            text(line, DIETS[diet], 0.04);
            text(line, Integer.toString(drinks), 0.03);
            text(line, decimal(vegetables), 0.03);
            text(line, Integer.toString(activity), 0.05);
            text(line, new String[] {"never", "former", "current"}[smoking], 0.02);
            text(line, decimal(alcohol), 0.08);
            text(line, decimal(sleep), 0.04);
            text(line, pressureMedication ? "yes" : "no", 0);
            text(line, statin ? "yes" : "no", 0);
            text(line, steroids ? "yes" : "no", 0);
            text(line, decimal(bmi), 0.01);
            text(line, decimal(waist), 0.10);
            text(line, Long.toString(StrictMath.round(systolic)), 0.02);
            text(line, Long.toString(StrictMath.round(diastolic)), 0.02);
            text(line, Long.toString(StrictMath.round(glucose)), 0.06);
            // The laboratory is asked for HbA1c when somebody looks at risk: that it is missing says something too.
            text(line, decimal(hba1c), age < 40 && bmi < 27 ? 0.55 : 0.18);
            text(line, Long.toString(StrictMath.round(triglycerides)), 0.12);
            text(line, Long.toString(StrictMath.round(hdl)), 0.12);
            text(line, diabetic ? "1" : "0", 0);
            return line.toString();
        }

        private void text(StringBuilder line, String value, double missing) {
            line.append(',');
            // Drawn also where nothing can be missing, so that a changed share moves no other value.
            if (!dice.chance(missing)) {
                line.append(value);
            }
        }

        private static double logistic(double x) {
            return 1 / (1 + StrictMath.exp(-x));
        }

        /// One decimal, with a point in every locale.
        private static String decimal(double value) {
            long tenths = StrictMath.round(value * 10);
            return tenths / 10 + "." + tenths % 10;
        }
    }

    /// Draws from the distributions the model needs; all values are positive or clipped to be.
    private record Dice(SplittableRandom random) {

        boolean chance(double probability) {
            return random.nextDouble() < probability;
        }

        /// The place of the share that was drawn; shares add up to 1.
        int pick(double... shares) {
            double left = random.nextDouble();
            for (int i = 0; i < shares.length - 1; i++) {
                left -= shares[i];
                if (left < 0) {
                    return i;
                }
            }
            return shares.length - 1;
        }

        /// Standard normal, by Box and Muller.
        double gaussian() {
            double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
            return radius * StrictMath.cos(2 * StrictMath.PI * random.nextDouble());
        }

        double normal(double mean, double deviation, double least, double most) {
            return StrictMath.clamp(mean + deviation * gaussian(), least, most);
        }

        /// Log-normal: many small values, a few large ones.
        double skewed(double median, double spread, double most) {
            return StrictMath.min(most, StrictMath.max(1, median) * StrictMath.exp(spread * gaussian()));
        }
    }
}
