import { Switch as Base } from '@base-ui/react/switch';

/** A setting that is on or off, with its words. */
export function Switch({
  label,
  checked,
  onChange,
}: {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}) {
  return (
    <Base.Root className="switch" checked={checked} onCheckedChange={onChange}>
      <span className="switch-track">
        <Base.Thumb className="switch-thumb" />
      </span>
      {label}
    </Base.Root>
  );
}
