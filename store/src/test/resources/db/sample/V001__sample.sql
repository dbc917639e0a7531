CREATE TABLE sample (name TEXT NOT NULL, step BIGINT NOT NULL, value DOUBLE PRECISION NOT NULL, PRIMARY KEY (name, step)) ${clustered};
