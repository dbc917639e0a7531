import { createDarkTheme, createLightTheme, type BrandVariants, type Theme } from '@fluentui/react-components';

const brand: BrandVariants = {
  10: '#03040F',
  20: '#0F1433',
  30: '#141F58',
  40: '#1A2877',
  50: '#22328F',
  60: '#2D3EA6',
  70: '#394BBB',
  80: '#4759CE',
  90: '#5A6ADB',
  100: '#6D7CE4',
  110: '#818EEB',
  120: '#95A1F0',
  130: '#A9B3F5',
  140: '#BDC6F8',
  150: '#D2D8FB',
  160: '#E7EAFD',
};

export const fontFamilyBase =
  "'Segoe UI Variable', 'Segoe UI', Inter, system-ui, -apple-system, 'Helvetica Neue', 'Noto Sans', sans-serif";
const fontFamilyMonospace = "ui-monospace, 'Cascadia Code', 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace";

export const lightTheme: Theme = {
  ...createLightTheme(brand),
  fontFamilyBase,
  fontFamilyMonospace,
  colorNeutralBackground2: '#F7F8FC',
  colorNeutralBackground3: '#F1F3F9',
};

export const darkTheme: Theme = {
  ...createDarkTheme(brand),
  fontFamilyBase,
  fontFamilyMonospace,
  colorNeutralBackground1: '#1B1D26',
  colorNeutralBackground1Hover: '#262935',
  colorNeutralBackground1Pressed: '#171922',
  colorNeutralBackground1Selected: '#2B2F3D',
  colorNeutralBackground2: '#14161D',
  colorNeutralBackground3: '#20232D',
  colorNeutralBackground5: '#373C4B',
  colorNeutralBackgroundDisabled: '#20232D',
  colorBrandBackground2: '#232A52',
  // The stock dark theme's link and accent colours fall under 4.5:1 on these surfaces.
  colorBrandForeground1: brand[120],
  colorBrandForeground2: brand[130],
  colorBrandForegroundLink: brand[120],
  colorBrandForegroundLinkHover: brand[140],
  colorCompoundBrandForeground1: brand[120],
};

/** Colours of chart series, told apart also by people who see few colours. */
export const SERIES = {
  light: ['#4759CE', '#C2570C', '#0F7B6C', '#B4237A', '#6B7280', '#8A6D00', '#0B6FB8', '#7A3FC8'],
  dark: ['#95A1F0', '#FFB454', '#5FD3BC', '#F48FB8', '#AEB6C4', '#E5D069', '#6FC3FF', '#C7A6FF'],
} as const;
