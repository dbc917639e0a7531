package atelier.cli.commands;

import atelier.cli.CliError;
import atelier.cli.Session;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `source <(atelier completion bash)`: words are completed by the shell; names by asking the server.
@Command(name = "completion", description = "A script for your shell: source <(atelier completion bash)")
final class CompletionCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable Root root;

    @Parameters(arity = "0..1", paramLabel = "SHELL", description = "bash (default) or zsh")
    private String shell = "bash";

    @Override
    public Integer call() {
        Session session = Parents.session(root);
        if (!shell.equals("bash") && !shell.equals("zsh")) {
            throw new CliError("completion knows bash and zsh, not '" + shell + "'.");
        }
        String script = AutoComplete.bash("atelier", Root.line(session, new String[0], "atelier"));
        if (shell.equals("zsh")) {
            session.out().println("autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit");
        }
        session.out().println(script);
        session.out().println(NAMES);
        return 0;
    }

    /// Values of `--name` come from the server; everything else from the script above. `./atelier` completes too.
    private static final String NAMES = """
            function _atelier_with_names() {
              local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
              case $before in
                -n | --name | -e | --endpoint-name)
                  COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" complete "${COMP_WORDS[1]}" "$before" 2>/dev/null)" -- "$word"))
                  return 0 ;;
              esac
              _complete_atelier "$@"
            }
            complete -F _atelier_with_names -o default atelier atelier.sh atelier.bash ./atelier
            """;
}
