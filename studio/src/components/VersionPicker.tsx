import { Dropdown, Option } from '@fluentui/react-components';

/** Chooses among an asset's versions, newest first. */
export function VersionPicker({
  versions,
  value,
  onChange,
}: {
  versions: readonly string[];
  value: string;
  onChange: (v: string) => void;
}) {
  const label = (v: string) => `Version ${v}${v === versions[0] ? ' (latest)' : ''}`;
  return (
    <Dropdown
      aria-label="Version"
      style={{ minWidth: 170 }}
      value={label(value)}
      selectedOptions={[value]}
      onOptionSelect={(_, d) => d.optionValue && onChange(d.optionValue)}
    >
      {versions.map((v) => (
        <Option key={v} value={v}>
          {label(v)}
        </Option>
      ))}
    </Dropdown>
  );
}
