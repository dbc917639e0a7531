/// How insights are kept. Only [atelier.insights] comes here.
@NullMarked
package atelier.insights.internal;

import org.jspecify.annotations.NullMarked;
