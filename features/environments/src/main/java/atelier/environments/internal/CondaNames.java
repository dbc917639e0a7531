package atelier.environments.internal;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Names of conda packages as the Python package index knows them. Only the differences are listed.
final class CondaNames {
    private static final Map<String, String> RENAMED = Map.ofEntries(
            Map.entry("pytorch", "torch"),
            Map.entry("pytorch-cpu", "torch"),
            Map.entry("matplotlib-base", "matplotlib"),
            Map.entry("py-xgboost", "xgboost"),
            Map.entry("py-opencv", "opencv-python"),
            Map.entry("opencv", "opencv-python"),
            Map.entry("pytables", "tables"),
            Map.entry("python-graphviz", "graphviz"),
            Map.entry("msgpack-python", "msgpack"),
            Map.entry("dask-core", "dask"),
            Map.entry("tensorflow-gpu", "tensorflow"),
            Map.entry("tensorflow-base", "tensorflow"),
            Map.entry("seaborn-base", "seaborn"),
            Map.entry("ruamel_yaml", "ruamel.yaml"),
            Map.entry("python-flatbuffers", "flatbuffers"),
            Map.entry("psycopg2", "psycopg2-binary"),
            Map.entry("importlib_metadata", "importlib-metadata"),
            Map.entry("typing_extensions", "typing-extensions"));

    /// Libraries and tools that are no Python packages; wheels bring what they need of them.
    private static final Set<String> NOT_PYTHON = Set.of(
            "mkl",
            "nomkl",
            "blas",
            "libblas",
            "openblas",
            "libgcc",
            "libgcc-ng",
            "libstdcxx-ng",
            "gcc",
            "gxx",
            "gcc_linux-64",
            "gxx_linux-64",
            "cmake",
            "make",
            "git",
            "openmpi",
            "mpich",
            "openssl",
            "ca-certificates",
            "cudatoolkit",
            "cudnn",
            "pytorch-cuda",
            "pytorch-mutex",
            "cpuonly",
            "nodejs",
            "openjdk",
            "r-base",
            "sqlite",
            "zlib",
            "libffi",
            "unixodbc",
            "conda");

    private CondaNames() {}

    /// The name on the Python package index; empty for what is no Python package.
    static Optional<String> pip(String conda) {
        if (NOT_PYTHON.contains(conda) || conda.startsWith("_")) {
            return Optional.empty();
        }
        return Optional.of(RENAMED.getOrDefault(conda, conda));
    }
}
