/// The doors of datasets: datastores, data assets, and what Azure has not: profile and preview.
@NullMarked
package atelier.datasets.http;

import org.jspecify.annotations.NullMarked;
